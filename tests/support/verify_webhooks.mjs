// What npm's standardwebhooks says of notifications: `node verify_webhooks.mjs MODULES` reads [[SECRET, HEADERS, BODY], …] as JSON, and
// writes for each whether it is signed with the secret.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const { Webhook, WebhookVerificationError } = createRequire(`${process.argv[2]}/`)("standardwebhooks");

function isSigned([secret, headers, body]) {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}

process.stdout.write(JSON.stringify(JSON.parse(await text(process.stdin)).map(isSigned)));
