/** Prints the programs that the page shows for a submission, by the file of examples/ that each is made of. */
import { readFileSync } from "node:fs";
import { LANGUAGES } from "../../web/src/snippets/languages";

const { address, submission } = JSON.parse(readFileSync(0, "utf8"));
const programs = LANGUAGES.map(({ file, fill }) => [file, fill(readFileSync(`examples/${file}`, "utf8"), address, submission)]);
console.log(JSON.stringify(Object.fromEntries(programs)));
