/** JSON Pointers (RFC 6901) of fields, by which errors find them. */
import type { Violation } from "../types";
import type { Field } from "./field";
import { labelOf } from "./kinds";

export function child(pointer: string, name: string | number): string {
  return `${pointer}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The id of the element that stands for a pointer. */
export function idOf(pointer: string): string {
  return `field${pointer.replace(/\s/g, "_")}`;
}

/** The pointers of a field and of all fields in it. */
export function pointersOf(field: Field, pointer: string): string[] {
  return [
    pointer,
    ...field.members.flatMap(([name, one]) => pointersOf(one, child(pointer, name))),
    ...field.items.flatMap((item, index) => pointersOf(item, child(pointer, index))),
  ];
}

/** Violations by the pointer of the field that shows them: the one that is meant, or the nearest around it. */
export function place(violations: Violation[], known: Set<string>): Map<string, string> {
  const placed = new Map<string, string>();
  for (const { pointer, parameter, detail } of violations) {
    let place = pointer ?? "";
    while (place && !known.has(place)) place = place.slice(0, place.lastIndexOf("/"));
    const rest = (pointer ?? "").slice(place.length).replace(/^\//, "");
    const about = parameter ?? rest;
    const words = about ? `${about}: ${detail}` : detail;
    placed.set(place, placed.has(place) ? `${placed.get(place)} ${words}` : words);
  }
  return placed;
}

/** The place of a pointer below a field, in the words of the form. */
export function wordsOf(field: Field, pointer: string): string {
  const words: string[] = [];
  let around: Field | undefined = field;
  for (const token of pointer.split("/").slice(1)) {
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    const inside: Field | undefined = around?.members.find(([one]) => one === name)?.[1] ?? around?.items[Number(name)];
    const isMember = around?.items.length === 0;
    words.push(isMember ? labelOf(inside?.schema ?? {}, name) : `${around?.kind === "list" ? "no." : "row"} ${Number(name) + 1}`);
    around = inside;
  }
  return words.join(", ");
}
