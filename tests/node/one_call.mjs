// One call with the client that is named. Prints what a person would see of it: a text, or an error.
import https from "node:https";

const url = "https://api.openai.com/v1/chat/completions";
const asked = { model: "gpt-4o", messages: [{ role: "user", content: "say hi" }] };
const headers = { "content-type": "application/json" };

const clients = {
  fetch: async () => (await fetch(url, { method: "POST", headers, body: JSON.stringify(asked) })).text(),
  https: () =>
    new Promise((resolve, reject) => {
      const request = https.request(url, { method: "POST", headers }, async (answer) => {
        let text = "";
        for await (const piece of answer) text += piece;
        resolve(text);
      });
      request.on("error", reject).end(JSON.stringify(asked));
    }),
  openai: async () => {
    const { default: OpenAI } = await import("openai");
    const answer = await new OpenAI({ maxRetries: 0 }).chat.completions.create(asked);
    return answer.choices[0].message.content;
  },
};

try {
  console.log(await clients[process.argv[2]]());
} catch (raised) {
  for (let error = raised; error; error = error.cause) console.log(`${error.constructor.name}: ${error.message}`);
}
