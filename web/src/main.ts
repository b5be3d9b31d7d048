import { render } from "lit-html";
import { type Account, startAccount } from "./account";
import { useApi } from "./api";
import { prepareChannel } from "./channel";
import { loadConfiguration } from "./configuration";
import { keepForOffline } from "./offline";
import { viewOf } from "./router";
import { drawBy, redraw, type View } from "./screen";
import { shell } from "./shell";
import { applyTheme } from "./theme";

const page = document.getElementById("page") as HTMLElement;
let account: Account | null | undefined;
let view: View | null = null;
let error = "";
let opened = 0;

function draw(): void {
  document.title = view && account ? `${view.title} – Quantum jobs` : "Quantum jobs";
  try {
    render(shell(account, view, error), page);
  } catch (cause) {
    // A fault in one view leaves the ways to the others.
    console.error(cause);
    view?.close?.();
    view = null;
    error = `This view cannot be shown: ${cause instanceof Error ? cause.message : cause}`;
    render(shell(account, null, error), page);
  }
}

async function open(): Promise<void> {
  const order = ++opened;
  error = "";
  let next: View | null = null;
  try {
    next = await viewOf(location.hash);
    if (!next) error = "There is no such page.";
  } catch (cause) {
    error = `The page cannot be loaded: ${cause instanceof Error ? cause.message : cause}`;
  }
  if (order !== opened) return next?.close?.();
  view?.close?.();
  view = next;
  redraw();
  if (opened > 1) document.getElementById("main")?.focus();
}

async function start(): Promise<void> {
  applyTheme();
  drawBy(draw);
  draw();
  try {
    const configuration = await loadConfiguration();
    useApi(configuration);
    account = await startAccount(configuration);
  } catch (cause) {
    error = `The page cannot start: ${cause instanceof Error ? cause.message : cause}`;
    account = account ?? undefined;
    return draw();
  }
  if (!account) return draw();
  prepareChannel();
  keepForOffline();
  addEventListener("hashchange", () => void open());
  await open();
}

void start();
