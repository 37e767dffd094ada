// The same call with what Node has built in. Prints what each got, as one JSON object.
import https from "node:https";

const url = "https://api.openai.com/v1/chat/completions";
const body = (model) => JSON.stringify({ model, messages: [{ role: "user", content: "say hi" }] });
const headers = { "content-type": "application/json" };
const told = (answer) => ({ text: answer.choices[0].message.content, output: answer.usage.completion_tokens });

async function withFetch() {
  return told(await (await fetch(url, { method: "POST", headers, body: body("gpt-4o") })).json());
}

function withHttps() {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method: "POST", headers }, async (answer) => {
      let text = "";
      for await (const piece of answer) text += piece;
      resolve(told(JSON.parse(text)));
    });
    request.on("error", reject).end(body("gpt-4o-mini"));
  });
}

console.log(JSON.stringify({ fetch: await withFetch(), https: await withHttps() }));
