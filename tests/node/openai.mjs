// What people do with OpenAI's SDK. Prints what it made of each answer, as one JSON object.
import OpenAI from "openai";

const client = new OpenAI({ maxRetries: 0 });
const messages = [{ role: "user", content: "say hi" }];

async function chat() {
  const { data, response } = await client.chat.completions
    .create({ model: "gpt-4o", messages })
    .withResponse();
  return {
    text: data.choices[0].message.content,
    input: data.usage.prompt_tokens,
    output: data.usage.completion_tokens,
    call: response.headers.get("x-tollway-call"),
    cost: response.headers.get("x-tollway-cost"),
  };
}

async function stream() {
  let text = "";
  let withoutChoices = 0;
  for await (const chunk of await client.chat.completions.create({ model: "gpt-4o-mini", messages, stream: true })) {
    text += chunk.choices[0]?.delta.content ?? "";
    withoutChoices += chunk.choices.length === 0;
  }
  return { text, withoutChoices };
}

async function responses() {
  const answer = await client.responses.create({ model: "gpt-4.1-mini", input: "say hi" });
  return { text: answer.output_text, input: answer.usage.input_tokens, output: answer.usage.output_tokens };
}

async function responsesStream() {
  const answer = await client.responses.stream({ model: "gpt-4.1-nano", input: "say hi" }).finalResponse();
  return { text: answer.output_text, input: answer.usage.input_tokens, output: answer.usage.output_tokens };
}

async function embeddings() {
  const answer = await client.embeddings.create({ model: "text-embedding-3-small", input: ["one", "two"] });
  return { vectors: answer.data.length, input: answer.usage.prompt_tokens };
}

async function error() {
  try {
    await client.chat.completions.create({ model: "gpt-4", messages }, { headers: { "x-sim": '{"status": 429}' } });
  } catch (raised) {
    return { type: raised.constructor.name, status: raised.status };
  }
}

console.log(JSON.stringify({
  chat: await chat(),
  stream: await stream(),
  responses: await responses(),
  "responses stream": await responsesStream(),
  embeddings: await embeddings(),
  error: await error(),
}));
