/** The programs of examples/, as they were when the page was built. */
import csharp from "../../../examples/Client.cs?raw";
import java from "../../../examples/Client.java?raw";
import javascript from "../../../examples/submit.mjs?raw";
import curl from "../../../examples/submit_and_poll.sh?raw";
import python from "../../../examples/submit_httpx.py?raw";

export const PROGRAMS: Record<string, string> = {
  "Client.cs": csharp,
  "Client.java": java,
  "submit.mjs": javascript,
  "submit_and_poll.sh": curl,
  "submit_httpx.py": python,
};
