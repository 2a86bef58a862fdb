// A model server for tests: chat completions over real HTTP.  usage: node tests/provider.mjs; prints "ready URL".
// The prompt's last message says what it does: by default it answers with the JSON object that stands in it;
// "WAIT 500" first waits, "STATUS 429" fails, "CUT" breaks off, "NONSENSE" answers no JSON, "HTML" is no provider at all,
// "SECOND" answers nonsense first and well when it is asked to repair.
import { createServer } from "node:http";

let asked = 0;

const completion = (content) => JSON.stringify({
  id: "chat-1", object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
});

function contentFor(text) {
  const repairing = text.includes("Your answer was:");
  if (/NONSENSE/.test(text) || (/SECOND/.test(text) && !repairing)) return "I would rather talk.";
  const first = text.split("Your answer was:")[0];
  return first.slice(first.indexOf("{"), first.lastIndexOf("}") + 1);
}

function answer(text, response) {
  const status = Number(/STATUS (\d+)/.exec(text)?.[1] ?? 200);
  const headers = { "content-type": "application/json", "x-request-id": `req_${asked}` };
  if (status === 429) headers["retry-after"] = "3";
  if (/HTML/.test(text)) return response.writeHead(200, { "content-type": "text/html" }).end("<html>welcome</html>");
  if (status !== 200) return response.writeHead(status, headers).end(JSON.stringify({ error: { type: "test_failure", message: text } }));
  const body = completion(contentFor(text));
  response.writeHead(200, { ...headers, "content-length": Buffer.byteLength(body) });
  if (!/CUT/.test(text)) return response.end(body);
  response.write(body.slice(0, 20), () => response.destroy());
}

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (piece) => { body += piece; });
  request.on("end", () => {
    if (request.url === "/asked") return response.end(String(asked));
    if (request.method !== "POST" || request.url !== "/v1/chat/completions") return response.writeHead(404).end();
    asked += 1;
    const text = JSON.parse(body).messages.at(-1).content;
    const wait = Number(/WAIT (\d+)/.exec(text)?.[1] ?? 0);
    setTimeout(() => answer(text, response), wait);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", 4096, () => console.log(`ready http://127.0.0.1:${server.address().port}`));
