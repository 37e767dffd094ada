"""Where a call goes instead: to another model, or to another provider. Pure.

A dialect is a wire format: what a request says, and how it says it. Many providers speak the same one, so a
move within it changes the address (host, port, path), the model's name and the credential, and translates
nothing. The body stays as it is, byte for byte, but for its `model`, and for what the target is known to
refuse where that only tunes the answer: how it thinks, how it samples (`adapt`). Headers go along to another
host only if they are of the format itself, and no credential ever does. A target that does not speak the
dialect may be asked in another one, if there is a `translation` into it.

What is not moved, each with a reason in words (`soundness`, `place`, `rewrite`, `translation`):

- from one dialect to another without a translation, or where the path has the model at one provider and the
  body at the other in formats that differ by more than that (Anthropic's on Vertex);
- what is signed, since a signature covers what would change, and what a flat plan covers;
- what goes on from something stored, which may be anything: previous responses, conversations, caches;
- to another provider: what only the first one can read or run (files, containers, its own tools, sealed
  thoughts, answers that it is to keep), and members that are not of the format as all speak it;
- embeddings, to another model: its vectors can't be compared with those that the caller has;
- forms, such as sounds to transcribe and images to edit;
- what reads more than the target's context, or thinks for more than the target writes: a maximum of output is
  lowered to that;
- what has tools, or shows images, where the target is known to take none (`abilities`).

Model thoughts of one provider may go to another of its models: Anthropic drops those that it can't read
(https://platform.claude.com/docs/en/build-with-claude/preserved-thinking), OpenAI's are its account's.
"""
