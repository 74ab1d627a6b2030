"""What a text names, by rules that are rather precise than complete: people, organisations, companies, commodities, amounts.

Names are known by what stands around them (titles, legal forms, head nouns, tickers), so there is no model to load.
"""
