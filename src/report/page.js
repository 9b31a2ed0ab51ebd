/* Filters what is there already; without it everything is shown. */
(() => {
'use strict';
const form = document.getElementById('filter');
const count = document.getElementById('count');
const empty = document.getElementById('empty');
const files = [...document.querySelectorAll('#findings .file')];
const items = files.flatMap((file, at) => [...file.querySelectorAll('article')].map(element => ({
  element, at, name: file.querySelector('h3').textContent.toLowerCase(), text: null
})));
const layers = [...document.querySelectorAll('.layers a')];
const number = new Intl.NumberFormat('en');
const keys = ['layer', 'severity', 'policy'];
let waiting = 0;

/* What no finding has is no choice. */
function trim() {
  const there = new Set(items.flatMap(({ element: { dataset: d } }) =>
    [d.layer, d.severity, 'policy ' + d.policy, 'effect:' + d.effect, 'result:' + d.result]));
  for (const option of form.querySelectorAll('option')) {
    const name = option.closest('select').name;
    if (option.value && !there.has(name === 'policy' ? 'policy ' + option.value : option.value)) option.remove();
  }
  for (const group of form.querySelectorAll('optgroup')) if (!group.children.length) group.remove();
}

function matches(item, want, words) {
  const data = item.element.dataset;
  if (keys.some(key => want[key] && data[key] !== want[key])) return false;
  if (want.result) {
    const [kind, value] = want.result.split(':');
    if (data[kind] !== value) return false;
  }
  if (!words.length) return true;
  item.text ??= item.element.textContent.toLowerCase() + ' ' + item.name;
  return words.every(word => item.text.includes(word));
}

function apply() {
  const want = Object.fromEntries(new FormData(form));
  const words = want.text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = new Array(files.length).fill(0);
  let sum = 0;
  for (const item of items) {
    const ok = matches(item, want, words);
    item.element.hidden = !ok;
    shown[item.at] += ok;
    sum += ok;
  }
  files.forEach((file, at) => { file.hidden = !shown[at]; });
  layers.forEach(a => { a.classList.toggle('on', a.dataset.layer === want.layer); });
  empty.hidden = sum > 0 || !items.length;
  const all = number.format(items.length) + (items.length === 1 ? ' finding' : ' findings');
  count.textContent = sum === items.length ? all : number.format(sum) + ' of ' + all;
  form.classList.toggle('active', sum !== items.length);
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(apply, 80);
}

/* The next or previous finding that is shown, from the one that has the focus. */
function step(by) {
  const open = items.filter(item => !item.element.hidden);
  const at = open.findIndex(item => item.element.contains(document.activeElement));
  const next = open[at < 0 ? (by > 0 ? 0 : open.length - 1) : at + by];
  if (next) next.element.focus();
}

for (const type of ['input', 'change']) form.addEventListener(type, soon);
form.addEventListener('submit', event => { event.preventDefault(); apply(); });
form.addEventListener('reset', () => setTimeout(apply));
for (const a of layers)
  a.addEventListener('click', () => {
    const select = form.elements.layer;
    const has = [...select.options].some(option => option.value === a.dataset.layer);
    select.value = has && select.value !== a.dataset.layer ? a.dataset.layer : '';
    apply();
  });
document.addEventListener('keydown', event => {
  const typing = event.target.matches('input, select, textarea');
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/' && !typing) {
    event.preventDefault();
    form.elements.text.select();
    form.elements.text.focus();
  } else if (event.key === 'Escape' && event.target.form === form) {
    form.reset();
  } else if (!typing && (event.key === 'j' || event.key === 'k')) {
    step(event.key === 'j' ? 1 : -1);
  }
});
if (items.length > 1) {
  trim();
  form.hidden = false;
  apply();
}
})();
