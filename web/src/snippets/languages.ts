/** The programs of examples/ with another submission in them. */
import type { Json } from "../types";
import { javascript, python, quoted, quotedForJava, shell } from "./literals";

export interface Language {
  name: string;
  /** Its program in examples/. */
  file: string;
  /** How to run it. */
  run: string;
  fill(program: string, address: string, body: Json): string;
}

/** The submission in the programs, in the notation of each. */
const BODY = '{"input": {"qubits": 3}, "shots": 500}';
const PATH = "/algorithms/ghz/jobs";

export const LANGUAGES: Language[] = [
  {
    name: "Python",
    file: "submit_httpx.py",
    run: "pip install httpx, then python submit.py",
    fill: (program, address, body) =>
      replaced(program, [
        [`f"{os.environ['QJOBS_URL']}${PATH}"`, JSON.stringify(address)],
        [BODY, python(body, "    ")],
      ]),
  },
  {
    name: "JavaScript",
    file: "submit.mjs",
    run: "node submit.mjs, Node.js 18 or later",
    fill: (program, address, body) =>
      replaced(program, [
        ["const { QJOBS_URL, QJOBS_TOKEN } = process.env;", "const { QJOBS_TOKEN } = process.env;"],
        [`\`\${QJOBS_URL}${PATH}\``, JSON.stringify(address)],
        ["{ input: { qubits: 3 }, shots: 500 }", javascript(body, "  ")],
      ]),
  },
  {
    name: "C#",
    file: "Client.cs",
    run: "dotnet run, .NET 6 or later",
    fill: (program, address, body) =>
      replaced(program, [
        ['        var url = Environment.GetEnvironmentVariable("QJOBS_URL");\n', ""],
        [`url + "${PATH}"`, JSON.stringify(address)],
        [JSON.stringify(BODY), quoted(body)],
      ]),
  },
  {
    name: "Java",
    file: "Client.java",
    run: "java Client.java, Java 17 or later",
    fill: (program, address, body) =>
      replaced(program, [
        [`System.getenv("QJOBS_URL") + "${PATH}"`, JSON.stringify(address)],
        [JSON.stringify(BODY), quotedForJava(body)],
      ]),
  },
  {
    name: "curl",
    file: "submit_and_poll.sh",
    run: "sh submit.sh, curl 7.84 or later",
    fill: (program, address, body) =>
      replaced(program, [
        [`"$QJOBS_URL${PATH}"`, `'${address.replaceAll("'", "'\\''")}'`],
        [`'${BODY}'`, shell(body)],
      ]),
  },
];

/** A program with parts of it replaced, each of which it has to have once. */
function replaced(program: string, parts: [from: string, to: string][]): string {
  let text = program;
  const places = parts.map(([from]) => program.indexOf(from));
  for (const [index, [from]] of parts.entries()) {
    const at = places[index] ?? -1;
    if (at < 0 || program.indexOf(from, at + 1) >= 0) throw new Error(`The program has no single ${from}`);
  }
  // From the end on, so that what is put in is never looked through.
  const order = parts.map((part, index) => ({ part, at: places[index] ?? 0 })).sort((one, other) => other.at - one.at);
  for (const { part, at } of order) text = text.slice(0, at) + part[1] + text.slice(at + part[0].length);
  return text;
}
