// What people do with Google's SDK. Prints what it made of each answer, as one JSON object.
import { GoogleGenAI } from "@google/genai";

const client = new GoogleGenAI({ apiKey: process.env.GEMINI_API_KEY });
const told = (answer) => ({
  text: answer.text,
  input: answer.usageMetadata.promptTokenCount,
  output: answer.usageMetadata.candidatesTokenCount,
});

async function generate() {
  return told(await client.models.generateContent({ model: "gemini-2.5-flash", contents: "say hi" }));
}

async function stream() {
  let text = "";
  let last;
  const answer = await client.models.generateContentStream({ model: "gemini-2.5-pro", contents: "say hi" });
  for await (last of answer) text += last.text ?? "";
  return { ...told(last), text };
}

async function embed() {
  const answer = await client.models.embedContent({ model: "gemini-embedding-001", contents: ["one", "two"] });
  return { vectors: answer.embeddings.length };
}

async function error() {
  try {
    await client.models.generateContent({
      model: "gemini-1.5-pro",
      contents: "say hi",
      config: { httpOptions: { headers: { "x-sim": '{"status": 400}' } } },
    });
  } catch (raised) {
    return { type: raised.constructor.name, status: raised.status };
  }
}

console.log(JSON.stringify({
  generate: await generate(),
  stream: await stream(),
  embed: await embed(),
  error: await error(),
}));
