"""A story's text as SQL. Whether readers may see it is said in `visible.py`."""

#: the WireItem of a story, with the bodies of all its takes, as jsonb; for queries that have `stories` and its `items` row
STORY_CONTENT = r"""
    CASE WHEN stories.adds = '{}' THEN items.content ELSE items.content || jsonb_build_object('body_html',
        concat_ws(E'\n', items.content ->> 'body_html', (
            SELECT string_agg(added.content ->> 'body_html', E'\n' ORDER BY place)
            FROM unnest(stories.adds) WITH ORDINALITY AS takes (id, place) JOIN items AS added ON added.id = takes.id)))
    END
"""

#: a story's newest translation into `:edition` that readers may see: of one revision a person's comes first, then what a person
#: has signed, then what was remembered of people
NEWEST_TRANSLATION = """
    SELECT * FROM translations WHERE translations.story = stories.id AND translations.edition = :edition
      AND translations.edition IS DISTINCT FROM stories.edition AND translations.state = 'ready'
    ORDER BY translations.revision DESC, method = 'human' DESC, reviewed_by <> '' DESC, method = 'memory' DESC LIMIT 1
"""
