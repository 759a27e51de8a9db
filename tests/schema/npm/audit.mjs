// GraphQL over HTTP, audited by graphql-http: node audit.mjs URL. Prints one JSON list.
import { auditServer } from "graphql-http";

// One after the other: sixty at once are more than the test server's queue holds.
let before = Promise.resolve();
async function inTurn(url, options) {
  const answer = before.then(async () => {
    const response = await fetch(url, options);
    const body = await response.arrayBuffer();
    return new Response([204, 304].includes(response.status) ? null : body, {
      status: response.status,
      headers: response.headers,
    });
  });
  before = answer.catch(() => {});
  return answer;
}

const found = await auditServer({ url: process.argv[2], fetchFn: inTurn });
console.log(
  JSON.stringify(
    found.map(({ id, name, status, reason, response }) => ({
      id,
      name,
      status,
      reason,
      http: response?.status,
    })),
  ),
);
