import { expect } from '@playwright/test';
import type { Page } from 'puppeteer-core';
import type { Account } from '../support/rekey.ts';

/*
 * What the steps of ../steps do in Chromium, in as many words: a person looks for the name of a thing, and waits until it is
 * there.
 */

/** Types over what stands in the field with this label. */
export async function fill(page: Page, label: string, text: string, within = ''): Promise<void> {
  await page.locator(`${within} :is(input, textarea)::-p-aria(${label})`).fill(text);
}

export async function press(page: Page, button: string, within = ''): Promise<void> {
  await page.locator(`${within} button::-p-aria(${button})`).click();
}

export async function follow(page: Page, link: string): Promise<void> {
  await page.locator(`a::-p-aria(${link})`).click();
}

/** Looks until the page with this heading is there. */
export async function seeHeading(page: Page, heading: string): Promise<void> {
  await seeText(page, 'h1', heading);
}

/** Looks until a status line says this. */
export async function seeStatus(page: Page, text: string, within = 'main >'): Promise<void> {
  await seeText(page, `${within} [role=status]`, text);
}

export async function logIn(page: Page, user: string, password: string): Promise<void> {
  await seeStatus(page, 'Welcome');
  await fill(page, 'User', user);
  await fill(page, 'Password', password);
  await press(page, 'Login');
}

export async function seeSignedIn(page: Page, account: Account): Promise<void> {
  await seeHeading(page, `Hello, ${account.name}`);
  expect(new URL(page.url()).pathname).toBe('/home');
}

// In one step: a handle of an element is lost when another page is loaded meanwhile.
const read = (selector: string) => document.querySelector(selector)?.textContent?.trim();

async function seeText(page: Page, selector: string, text: string): Promise<void> {
  await expect
    .poll(() => page.evaluate(read, selector).catch(() => 'not there'), { message: `${selector} says "${text}"` })
    .toBe(text);
}
