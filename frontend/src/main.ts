import "./styles/main.css";
import "bootstrap/js/dist/dropdown";
import Alpine from "@alpinejs/csp";
import { startAll } from "./dom";
import "./behaviours/requests";
import "./behaviours/confirm";
import "./behaviours/desk";
import "./behaviours/dialogs";
import "./behaviours/drafts";
import "./behaviours/field"; // before forms: it decides first when a form is sent
import "./behaviours/forms";
import "./behaviours/frame";
import "./behaviours/live";
import "./behaviours/livemap";
import "./behaviours/messages";
import "./behaviours/pictures";
import "./behaviours/plan";
import "./behaviours/records";
import "./behaviours/theme";
import "./behaviours/tree";
import { bulk } from "./components/bulk";
import { combo } from "./components/combo";
import { lightbox } from "./components/lightbox";
import { tabs } from "./components/tabs";
import { uploader } from "./components/uploader";

Alpine.data("bulk", bulk);
Alpine.data("combo", combo);
Alpine.data("lightbox", lightbox);
Alpine.data("tabs", tabs);
Alpine.data("uploader", uploader);
Alpine.start();

startAll();
document.addEventListener("htmx:load", (event) => {
  const element = (event as CustomEvent<{ elt: HTMLElement }>).detail.elt;
  if (element !== document.body) startAll(element);
});
document.documentElement.dataset.ready = "true";
