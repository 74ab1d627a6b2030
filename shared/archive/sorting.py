"""What a story is about, as SQL: an editor's word where there is one, else what enrichment found; said once, for all who ask.

A query that uses one has `enrichments` of the story's item and the story's `sortings`, each by a LEFT JOIN.
"""

REGIONS = "coalesce(sortings.regions, enrichments.regions, '{}')"
SECTIONS = "coalesce(sortings.sections, enrichments.sections, '{}')"
TAGS = "coalesce(sortings.tags, enrichments.tags, '{}')"
LABELS = "coalesce(enrichments.labels, '{}')"

#: all of it as columns
ABOUT = f"{REGIONS} AS regions, {SECTIONS} AS sections, {TAGS} AS tags, {LABELS} AS labels"
