/** The schema of what a submission says besides its input and target, in words for people. */
import type { Algorithm, Schema } from "../types";

export function runSchema({ shots: { minimum, maximum, default: usual } }: Algorithm): Schema {
  return group({
    shots: {
      ...count("Shots", minimum, maximum),
      default: usual,
      description: "How often each circuit is run and read. More are more exact, and cost more on a device.",
    },
    name: { ...text("Name of the job", "For you, in the list of jobs."), minLength: 1, maxLength: 100 },
    tags: {
      title: "Tags",
      type: "array",
      maxItems: 10,
      description: "For finding the job again. A tag has letters, digits, dots, colons and hyphens.",
      items: {
        ...text("Tag", ""),
        errorMessage: "Use at most 50 letters, digits and . _ : - here, and a letter or a digit at the beginning.",
        minLength: 1,
        pattern: "^[A-Za-z0-9][A-Za-z0-9._:\\-]{0,49}$",
      },
    },
    seed: {
      ...count("Seed", 0, 2_147_483_647),
      description: "The same seed repeats random choices, and on simulators what is read.",
    },
    deadline: {
      ...text(
        "Deadline",
        "The time after which an unfinished job is canceled, such as `PT10M` for ten minutes, `PT2H` or `P1D`.",
      ),
      errorMessage: "Write a length of time such as PT10M for ten minutes, PT2H for two hours or P1D for a day.",
      pattern: "^P(?=.)([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+S)?)?$",
    },
    budget: {
      ...group({
        amount: { title: "Amount", type: "number", minimum: 0, description: "Of money, by the published prices." },
        currency: {
          ...text("Currency", "Of the amount, such as USD."),
          errorMessage: "Write three capital letters, such as USD.",
          pattern: "^[A-Z]{3}$",
        },
        shots: count("Shots in all", 1),
        circuits: count("Circuits in all", 1),
      }),
      title: "Budget",
      description: "The most that the job may take; it ends with the best result until then.",
    },
    options: {
      title: "Options for the provider",
      type: "object",
      description: 'JSON that is passed to the provider, such as `{"error-mitigation": {"debias": true}}`.',
    },
  });
}

function group(properties: Record<string, Schema>): Schema {
  return { type: "object", additionalProperties: false, properties };
}

function text(title: string, description: string): Schema {
  return { title, type: "string", description };
}

function count(title: string, minimum: number, maximum?: number): Schema {
  return { title, type: "integer", minimum, ...(maximum !== undefined && { maximum }) };
}
