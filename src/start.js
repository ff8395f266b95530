// Starts the browser part of a page, whatever was done to the page meanwhile.
//
// The markup that the server sent is taken over where it still is as it was sent. A password manager that puts an element
// beside an input, or a translator that wraps a word, would stop that, or make the page take one element for another: such
// a page is built anew, from the data that came with it. A start that fails is tried once more that way, in a fresh
// instance; after that the page says what a person can do.

/** Elements whose content is one text here, or none of the page's. As in server/src/middleware/shape.rs. */
const OPAQUE = new Set(['noscript', 'script', 'style', 'textarea', 'title']);
/** How long after it a failure counts as one of the start. */
const SETTLED_MS = 1_500;

/** @param {string} bindings the module's address @param {string} wasm @param {string} text of the page's sentences */
export async function begin(bindings, wasm, text) {
  const sentences = read(text);
  const app = await import(bindings);
  await app.default({ module_or_path: wasm });
  follow(document.body);
  start(app, await sentences, false);
}

/** @param {string} address */
async function read(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.text();
}

/** @param {any} app the bindings @param {string} sentences @param {boolean} again */
async function start(app, sentences, again) {
  const root = document.getElementById('app');
  const kept = keep(root);
  // A text that was split is one again; nothing else changes by it.
  root.normalize();
  const intact = !again && root.dataset.shape === shapeOf(root);
  let starting = true;
  let failed = false;
  const fail = () => {
    if (failed) return;
    failed = true;
    if (starting && !again) {
      // Not now: the instance that failed is still on the stack.
      setTimeout(() => {
        app.__wbg_reset_state();
        start(app, sentences, true);
      });
    } else globalThis.anteroom.say('failed');
  };
  try {
    if (intact) app.hydrate(root, sentences, fail);
    else {
      const fresh = /** @type {HTMLElement} */ (root.cloneNode(false));
      const built = app.build(fresh, sentences, fail);
      root.replaceWith(fresh);
      await built;
    }
  } catch {
    // It has said so in the console.
    fail();
  }
  if (failed) return;
  // What follows from the start by itself has happened by then, and listeners are there.
  setTimeout(() => {
    if (failed) return;
    giveBack(kept);
    globalThis.anteroom.say(intact ? 'taken-over' : 'built-anew');
  });
  setTimeout(() => (starting = false), SETTLED_MS);
}

/** A sum over elements, texts and comments in their order: FNV-1a of 32 bits. @param {Node} root */
function shapeOf(root) {
  let sum = 0x811c9dc5;
  const utf8 = new TextEncoder();
  const add = (/** @type {string} */ text) => {
    for (const byte of utf8.encode(text)) sum = Math.imul(sum ^ byte, 0x01000193);
  };
  const walk = (/** @type {Node} */ parent) => {
    for (let node = parent.firstChild; node; node = node.nextSibling) {
      if (node instanceof Element) {
        add(`<${node.localName.toLowerCase()}`);
        if (!OPAQUE.has(node.localName)) walk(node);
        add('>');
      } else add(node.nodeType === Node.COMMENT_NODE ? '!' : 't');
    }
  };
  walk(root);
  return (sum >>> 0).toString(16).padStart(8, '0');
}

/**
 * What a person did to the page before it started: what they typed and chose, where they are, what they opened.
 *
 * @param {HTMLElement} root
 */
function keep(root) {
  const typed = new Map();
  for (const [key, field] of fieldsOf(root)) {
    const value = changed(field);
    if (value !== undefined) typed.set(key, value);
  }
  const active = document.activeElement;
  const focus = [...fieldsOf(root)].find(([, field]) => field === active)?.[0];
  // Inputs of some kinds have none, and say so by an error or by null.
  const selection = focus && 'selectionStart' in active && active.selectionStart !== null ? [active.selectionStart, active.selectionEnd] : undefined;
  const opened = [...root.querySelectorAll('details')].map(({ open }) => open);
  return { typed, focus, selection, opened };
}

/** @param {ReturnType<typeof keep>} kept */
function giveBack({ typed, focus, selection, opened }) {
  const root = document.getElementById('app');
  const fields = fieldsOf(root);
  for (const [key, value] of typed) {
    const field = fields.get(key);
    if (!field) continue;
    // Where there is something else by now, it is newer.
    if (changed(field) === undefined) {
      if (isBox(field)) field.checked = value;
      else field.value = value;
    }
    // The page hears of it as if it were typed now.
    for (const event of ['input', 'change']) field.dispatchEvent(new Event(event, { bubbles: true }));
  }
  const details = [...root.querySelectorAll('details')];
  if (details.length === opened.length) details.forEach((one, n) => (one.open ||= opened[n]));
  const field = focus && fields.get(focus);
  if (field && document.activeElement !== field) {
    field.focus({ preventScroll: true });
    if (selection) field.setSelectionRange(...selection);
  }
}

/** By their form and name, which nobody else's fields have. @param {HTMLElement} root @returns {Map<string, any>} */
function fieldsOf(root) {
  const fields = new Map();
  for (const field of root.querySelectorAll('input, textarea, select')) {
    const name = field.name || field.id;
    if (!name) continue;
    const key = [field.form?.getAttribute('action') ?? '', name, isBox(field) ? field.value : ''].join('\n');
    if (!fields.has(key)) fields.set(key, field);
  }
  return fields;
}

const isBox = (/** @type {any} */ field) => field.type === 'checkbox' || field.type === 'radio';

/** The value, where it is not the one that the page came with. @param {any} field */
function changed(field) {
  if (isBox(field)) return field.checked !== field.defaultChecked ? field.checked : undefined;
  if (field.localName === 'select') {
    const options = [...field.options];
    const first = options.find(({ defaultSelected }) => defaultSelected) ?? options.find(({ disabled }) => !disabled);
    return first && first.value !== field.value ? field.value : undefined;
  }
  return field.value !== field.defaultValue ? field.value : undefined;
}

/**
 * A translator puts an element with its words in the place of a text, and what the page writes into that text later would
 * be seen by nobody. The text comes back when it changes; the translator then sees it like any other.
 *
 * @param {HTMLElement} body
 */
function follow(body) {
  /** @type {WeakMap<Node, Element>} */
  const instead = new WeakMap();
  const observer = new MutationObserver((records) => {
    for (const { type, target, removedNodes, addedNodes, previousSibling, nextSibling } of records) {
      if (type === 'characterData') {
        const element = instead.get(target);
        if (element?.isConnected && !target.isConnected) element.replaceWith(target);
        continue;
      }
      for (const text of removedNodes) {
        if (text.nodeType !== Node.TEXT_NODE) continue;
        const element = [addedNodes[0], previousSibling, nextSibling].find((node) => node?.nodeName === 'FONT');
        if (!element) continue;
        instead.set(text, /** @type {Element} */ (element));
        observer.observe(text, { characterData: true });
      }
    }
  });
  observer.observe(body, { childList: true, subtree: true });
}
