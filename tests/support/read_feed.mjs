// What npm's two parsers make of a feed: `node read_feed.mjs PARSER MODULES URL` writes its site and entries as JSON.
import { createRequire } from "node:module";

const [parser, modules, url] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const text = await (await fetch(url)).text();

async function rssParser() {
  const feed = await new (require("rss-parser"))().parseString(text);
  const entries = feed.items.map((item) => [item.title, item.link, item.creator ?? item.author ?? "", item.contentSnippet ?? ""]);
  return { site: feed.link, entries };
}

function feedparser() {
  const FeedParser = require("feedparser");
  return new Promise((resolve, reject) => {
    const entries = [];
    const reading = new FeedParser({ feedurl: url });
    reading.on("error", reject);
    reading.on("readable", () => {
      for (let item = reading.read(); item; item = reading.read()) {
        entries.push([item.title, item.link, item.author ?? "", item.summary ?? ""]);
      }
    });
    reading.on("end", () => resolve({ site: reading.meta.link, entries }));
    reading.end(text);
  });
}

process.stdout.write(JSON.stringify(await { "rss-parser": rssParser, feedparser }[parser]()));
