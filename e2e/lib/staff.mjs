/** What staff do on their pages, through what everybody sees: labels, names of fields, buttons. */

/** How long before its start a guest may come in is 15 minutes; these are all inside, and after now. */
const SOON_MINUTES = [2, 6, 10, 13];

/**
 * @param {import('./browser.mjs').Person} who
 * @param {import('./app.mjs').Account} account
 */
export async function signIn({ page }, account) {
  await page.goto('/sign-in');
  await page.locator('[name=email]').fill(account.email);
  await page.locator('[name=password]').fill(account.password);
  await Promise.all([page.waitForURL((url) => url.pathname !== '/sign-in'), page.locator('main form button[type=submit]').click()]);
}

/** The first account with that role. @param {import('./app.mjs').App} app @param {'clerk' | 'admin'} role */
export function account(app, role) {
  const found = app.accounts.find((candidate) => candidate.role === role);
  if (!found) throw new Error(`The server printed no ${role} to sign in as:\n${app.output()}`);
  return found;
}

/**
 * A consultation as it is typed: by the name of the field.
 *
 * @typedef {Partial<Record<'service' | 'guest_name' | 'guest_email' | 'guest_phone' | 'guest_language' | 'guest_zone' | 'date' | 'time' | 'zone' | 'minutes' | 'host' | 'notes' | 'engine' | 'meeting', string>>} Typed
 */

/**
 * Fills in the fields of the form on the page; of a list, what is chosen is named by its value or by a part of its
 * label, and `*` takes the first one that is a choice.
 *
 * @param {import('playwright-core').Page | import('playwright-core').Locator} page or the form, where the page has others
 * @param {Typed} typed
 */
export async function fillIn(page, typed) {
  for (const [name, value] of Object.entries(typed)) {
    const field = page.locator(`[name=${name}]`);
    if ((await field.evaluate((element) => element.tagName)) !== 'SELECT') {
      await field.fill(value);
      continue;
    }
    const choices = await field.locator('option').evaluateAll((options) => options.map(({ value, text }) => ({ value, text })));
    const choice = choices.find((one) => (value === '*' ? one.value !== '' : one.value === value || one.text.includes(value)));
    if (!choice) throw new Error(`${name} offers no ${value}: ${choices.map(({ text }) => text).join(', ')}`);
    await field.selectOption(choice.value);
  }
}

/** Sends the form in the page's main part. @param {import('playwright-core').Page} page */
export async function submit(page) {
  await Promise.all([page.waitForLoadState(), page.waitForEvent('framenavigated'), page.locator('main form.form button[type=submit]').first().click()]);
}

/** The sentence at a field, if there is one. @param {import('playwright-core').Page} page @param {string} name */
export async function errorAt(page, name) {
  const error = page.locator(`#f-${name}-error`);
  return (await error.count()) > 0 ? (await error.innerText()).trim() : undefined;
}

/**
 * Somebody signs in as a clerk who has time, and schedules a consultation that is open to its guest at once. The page is
 * then that of the consultation. (In the demonstration some clerks are busy at this hour.)
 *
 * @param {import('./app.mjs').App} app
 * @param {import('./browser.mjs').Person} who
 * @param {Typed} [typed]
 * @returns {Promise<{id: string, link: string}>}
 */
export async function scheduleSoon(app, who, typed = {}) {
  const { page, context } = who;
  /** @type {string[]} */
  const refusals = [];
  // The last is the one who is free, where the demonstration was made for tests.
  for (const clerk of app.accounts.filter(({ role }) => role === 'clerk').reverse()) {
    // Off the page first: its socket would ask once more, as nobody.
    await page.goto('about:blank');
    await context.clearCookies();
    await signIn(who, clerk);
    for (const minutes of SOON_MINUTES) {
      await page.goto('/consultations/new');
      await fillIn(page, {
        service: '*',
        guest_name: 'Ada Okafor',
        guest_email: 'ada.okafor@example.org',
        ...at(new Date(Date.now() + minutes * 60_000)),
        minutes: '5',
        ...typed,
      });
      await submit(page);
      const id = idIn(page.url());
      if (id) return { id, link: await guestLink(page) };
      refusals.push(`${clerk.email}: ${(await page.locator('main [role=alert], main .form-errors').allInnerTexts()).join(' ')}`);
    }
  }
  throw new Error(`Nothing could be scheduled:\n${refusals.join('\n')}`);
}

/** The fields for a time, in a zone that never changes its clocks. @param {Date} date @returns {Typed} */
export function at(date) {
  const text = date.toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 16), zone: 'Africa/Abidjan' };
}

/** The consultation whose page this is. @param {string} url */
export function idIn(url) {
  return new URL(url).pathname.match(/^\/consultations\/(\d+)$/)?.[1];
}

/** The link that the consultation's page shows, made on demand. @param {import('playwright-core').Page} page */
export async function guestLink(page) {
  const field = page.locator('[data-test=guest-link-field] input, input[data-test=guest-link]').first();
  if ((await field.count()) === 0) await page.locator('[data-test=copy-link]').first().click();
  const link = await field.inputValue();
  if (!/^https?:\/\/[^/]+\/j\/[\w-]{22,}$/.test(link)) throw new Error(`That is no guest link of 128 bits or more: ${link.length} characters`);
  return link;
}

/** A figure of the dashboard, by its label. @param {import('playwright-core').Page} page @param {string} label */
export async function figure(page, label) {
  const value = page.locator('.stat').filter({ has: page.locator('.stat__label', { hasText: new RegExp(`^${label}$`) }) }).locator('.stat__figure');
  return Number(await value.first().innerText());
}
