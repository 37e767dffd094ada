// What people do with Anthropic's SDK. Prints what it made of each answer, as one JSON object.
import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({ maxRetries: 0 });
const ask = (model) => ({ model, max_tokens: 64, messages: [{ role: "user", content: "say hi" }] });
const told = (message) => ({
  text: message.content[0].text,
  input: message.usage.input_tokens,
  output: message.usage.output_tokens,
});

async function messages() {
  const { data, response } = await client.messages.create(ask("claude-sonnet-4-5")).withResponse();
  return { ...told(data), cost: response.headers.get("x-tollway-cost") };
}

async function stream() {
  let streamed = "";
  const events = client.messages.stream(ask("claude-haiku-4-5")).on("text", (text) => (streamed += text));
  return { ...told(await events.finalMessage()), streamed };
}

async function count() {
  const { model, messages } = ask("claude-opus-4-5");
  return (await client.messages.countTokens({ model, messages })).input_tokens;
}

async function error() {
  try {
    await client.messages.create(ask("claude-opus-4-1"), { headers: { "x-sim": '{"status": 400}' } });
  } catch (raised) {
    return { type: raised.constructor.name, status: raised.status };
  }
}

console.log(JSON.stringify({
  messages: await messages(),
  stream: await stream(),
  count: await count(),
  error: await error(),
}));
