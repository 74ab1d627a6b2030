// What a program in TypeScript reads by the API's description: `node read_stories.mjs URL STORY KILLED` writes it as JSON.
// Each `const` with a type is a promise of the description's that the compiler keeps.
import createClient from "openapi-fetch";
import type { components, paths } from "./barq.js";

type Story = components["schemas"]["StoryAnswer"];
type Problem = components["schemas"]["Problem"];
declare const process: { argv: string[]; stdout: { write(text: string): void } };

const [url = "", story = "", killed = ""] = process.argv.slice(2);
const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: url });

async function all(limit: number): Promise<string[]> {
  const found: string[] = [];
  let cursor = "";
  do {
    const { data, error } = await client.GET("/v1/stories", { params: { query: { limit, cursor } } });
    if (!data) throw new Error(error.detail);
    found.push(...data.stories.map((one) => one.story));
    cursor = (data.next && new URL(data.next).searchParams.get("cursor")) ?? "";
  } while (cursor);
  return found;
}

async function one(story: string): Promise<{ status: number; data?: Story; error?: Story | Problem }> {
  const { data, error, response } = await client.GET("/v1/stories/{story}", { params: { path: { story } } });
  return { status: response.status, data, error };
}

async function revisions(story: string): Promise<[number, string][]> {
  const { data } = await client.GET("/v1/stories/{story}/revisions", { params: { path: { story } } });
  return (data?.revisions ?? []).map((revision) => [revision.revision, revision.headline]);
}

async function wrong(): Promise<Problem | undefined> {
  const { error } = await client.GET("/v1/stories", { params: { query: { limit: 0 } } });
  return error;
}

const read = {
  all: await all(3),
  one: await one(story),
  revisions: await revisions(story),
  killed: await one(killed),
  nowhere: await one("BARQ-nowhere"),
  wrong: await wrong(),
};
process.stdout.write(JSON.stringify(read));
