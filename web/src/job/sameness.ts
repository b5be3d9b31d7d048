/** Whether two runs of one input had the same circuits: algorithms adapt them to noise. */
import { number, plural } from "../results/format";
import type { JobOutcome } from "../types";

/** What a person has to know before taking the difference of two runs for noise; empty if their circuits are alike. */
export function unlikeCircuits(here: JobOutcome, there: JobOutcome): string {
  const others = figures(there);
  for (const [place, { value, words }] of figures(here).entries()) {
    const other = others[place]?.value ?? null;
    if (value === null || other === null || value === other) continue;
    return `The other run's circuits are not the same (${words(value)} here, ${number(other)} there), so not all of the difference is noise.`;
  }
  return "";
}

/** What tells circuits apart, the clearest first. */
function figures({ circuits, provenance }: JobOutcome): { value: number | null; words(value: number): string }[] {
  return [
    { value: circuits?.twoQubitGates ?? null, words: (gates) => `${plural(gates, "gate")} on two qubits` },
    { value: provenance?.circuits.length ?? null, words: (count) => plural(count, "circuit") },
    { value: circuits?.depth ?? null, words: (gates) => `${plural(gates, "gate")} deep` },
  ];
}
