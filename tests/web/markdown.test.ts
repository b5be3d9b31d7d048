/** Descriptions: the Markdown that they use, and no HTML. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inline, markdown } from "../../web/src/markdown";

/** A template as text, with its values where they stand. */
function text(part: unknown): string {
  if (Array.isArray(part)) return part.map(text).join("");
  if (typeof part !== "object" || part === null) return `⟨${String(part)}⟩`;
  const { strings, values } = part as { strings: string[]; values: unknown[] };
  return strings.map((piece, index) => piece + (index < values.length ? text(values[index]) : "")).join("");
}

test("paragraphs, lists right below a line, and code are blocks of their own", () => {
  const blocks = markdown("One\nline.\n\n`effort`:\n- `Quick` runs\n  on.\n- Two\n\n```\na < b\n```\n1. first");
  assert.deepEqual(blocks.map((block) => text(block).match(/^<(\w+)/)?.[1]), ["p", "p", "ul", "pre", "ol"]);
  assert.match(text(blocks[0]), /One line\./);
  assert.equal(text(blocks[2]).match(/<li>/g)?.length, 2);
});

test("HTML is text, and only web addresses become links", () => {
  assert.deepEqual(inline("<b>x</b>"), ["<b>x</b>"]);
  assert.equal(text(inline("[a](https://b.example/c)")), '<a href=⟨https://b.example/c⟩ rel="noreferrer">⟨a⟩</a>');
  assert.deepEqual(inline("[a](javascript:alert(1))"), ["[a](javascript:alert(1))"]);
  assert.equal(text(inline("**b** and `c`")), "<strong>⟨b⟩</strong>⟨ and ⟩<code>⟨c⟩</code>");
});
