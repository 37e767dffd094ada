// What SDKs make of a refusal. Prints it for each, as one JSON object: node refused.mjs BASE_URL
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";

const base = process.argv[2];
const messages = [{ role: "user", content: "say hi" }];
const openai = new OpenAI({ apiKey: "made-up", baseURL: `${base}/openai` });
const anthropic = new Anthropic({ apiKey: "made-up", baseURL: `${base}/anthropic` });
const google = new GoogleGenAI({ apiKey: "made-up", httpOptions: { baseUrl: `${base}/google` } });

const calls = {
  chat: () => openai.chat.completions.create({ model: "gpt-5", messages }),
  "chat stream": () => openai.chat.completions.create({ model: "gpt-5", messages, stream: true }),
  responses: () => openai.responses.create({ model: "gpt-5", input: "say hi" }),
  messages: () => anthropic.messages.create({ model: "claude-opus-4-8", max_tokens: 64, messages }),
  "messages stream": () =>
    anthropic.messages.stream({ model: "claude-opus-4-8", max_tokens: 64, messages }).finalMessage(),
  generate: () => google.models.generateContent({ model: "gemini-3-pro", contents: "say hi" }),
  "generate stream": () => google.models.generateContentStream({ model: "gemini-3-pro", contents: "say hi" }),
};

const said = {};
for (const [name, call] of Object.entries(calls)) {
  try {
    await call();
  } catch (raised) {
    said[name] = { type: raised.constructor.name, status: raised.status, message: raised.message };
  }
}
console.log(JSON.stringify(said));
