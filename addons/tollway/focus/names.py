"""What invoices call providers: who issues them, and for which service. Others go by their rows' names."""

NAMES = {
    "openai": ("OpenAI", "OpenAI API"),
    "azure": ("Microsoft", "Azure OpenAI"),
    "anthropic": ("Anthropic", "Claude API"),
    "gemini": ("Google", "Gemini API"),
    "vertex": ("Google Cloud", "Vertex AI"),
    "anthropic-aws": ("AWS", "Claude Platform on AWS"),
    "anthropic-google": ("Google Cloud", "Claude Platform on Google Cloud"),
    "bedrock": ("AWS", "Amazon Bedrock"),
    "bedrock-mantle": ("AWS", "Amazon Bedrock"),
    "bedrock-agent": ("AWS", "Amazon Bedrock"),
    "copilot": ("GitHub", "GitHub Copilot"),
    "github-copilot": ("GitHub", "GitHub Copilot"),
    "github-models": ("GitHub", "GitHub Models"),
    "azure-models": ("Microsoft", "Azure AI Foundry"),
    "chatgpt": ("OpenAI", "ChatGPT"),
    "code-assist": ("Google", "Gemini Code Assist"),
    "kimi-code": ("Moonshot AI", "Kimi Code"),
    "moonshot": ("Moonshot AI", "Moonshot AI API"),
    "ollama": ("Ollama", "Ollama"),
    "cursor": ("Cursor", "Cursor"),
    "mistral": ("Mistral AI", "Mistral AI API"),
    "deepseek": ("DeepSeek", "DeepSeek API"),
    "xai": ("xAI", "xAI API"),
    "cohere": ("Cohere", "Cohere API"),
    "zai": ("Z.ai", "Z.ai API"),
    "minimax": ("MiniMax", "MiniMax API"),
    "alibaba": ("Alibaba Cloud", "Model Studio"),
    "alibaba-code": ("Alibaba Cloud", "Qwen Code"),
    "volcengine": ("Volcano Engine", "Ark"),
    "perplexity": ("Perplexity", "Perplexity API"),
    "voyage": ("Voyage AI", "Voyage AI API"),
    "jina": ("Jina AI", "Jina AI API"),
    "elevenlabs": ("ElevenLabs", "ElevenLabs API"),
    "deepgram": ("Deepgram", "Deepgram API"),
    "assemblyai": ("AssemblyAI", "AssemblyAI API"),
    "groq": ("Groq", "GroqCloud"),
    "openrouter": ("OpenRouter", "OpenRouter"),
    "together": ("Together AI", "Together AI"),
    "fireworks": ("Fireworks AI", "Fireworks AI"),
    "cerebras": ("Cerebras", "Cerebras Inference"),
    "huggingface": ("Hugging Face", "Inference Providers"),
    "cloudflare": ("Cloudflare", "Workers AI"),
    "cloudflare-gateway": ("Cloudflare", "AI Gateway"),
    "vercel": ("Vercel", "AI Gateway"),
    "watsonx": ("IBM", "watsonx.ai"),
    "snowflake": ("Snowflake", "Cortex"),
    "databricks": ("Databricks", "Foundation Model APIs"),
    "nvidia": ("NVIDIA", "NVIDIA NIM"),
}
"""A provider row -> (issuer of the invoice, service)."""


def issuer(provider: str) -> str:
    """Who issues the provider's invoices."""
    return NAMES.get(provider, (provider, provider))[0]


def service(provider: str) -> str:
    """What the invoices call it."""
    return NAMES.get(provider, (provider, provider))[1]
