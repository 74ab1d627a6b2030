"""The portal: pages for people, in each edition's language, and what crawlers read."""
