import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures.ts';
import { PAGES } from '../../steps/reach.ts';

const WIDTHS = [1280, 320];
const SCHEMES = ['light', 'dark'] as const;
/** Their words are longer than the English ones. */
const LONGER_LANGUAGES = ['Deutsch', 'Français', 'Español'];
/** A letter is shown within a mail program's page, which has these itself. */
const NOT_FOR_LETTERS = ['landmark-one-main', 'page-has-heading-one', 'region'];

for (const [name, reach] of Object.entries(PAGES)) {
  test(`${name}: axe finds nothing and nothing is cut off, light and dark, wide and narrow`, async ({
    page,
    context,
    otherPage,
    rekey,
    mailbox,
    ann,
    noise,
  }) => {
    const there = await reach({ page, context, otherPage, rekey, mailbox, ann, noise });
    for (const colorScheme of SCHEMES) {
      for (const width of WIDTHS) {
        await test.step(`${colorScheme}, ${width} px`, async () => {
          await there.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          await there.setViewportSize({ width, height: width > 500 ? 800 : 640 });
          await there.screenshot({ path: `screenshots/${name}-${colorScheme}-${width}.png`, fullPage: true });
          expect(await widerThanTheWindow(there), 'what reaches out of the window').toEqual([]);
          const axe = new AxeBuilder({ page: there }).disableRules(name.startsWith('letter-') ? NOT_FOR_LETTERS : []);
          const { violations } = await axe.analyze();
          const findings = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.failureSummary}`));
          expect(findings).toEqual([]);
        });
      }
    }
    await there.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    // Half as wide is what a browser makes of twice as large.
    for (const [width, size, dir] of [
      [640, '', ''],
      [1280, '200%', ''],
      [640, '200%', ''],
      [1280, '', 'rtl'],
      [320, '', 'rtl'],
    ] as const) {
      await test.step(`${width} px${size && ', only text twice as large'}${dir && ', from right to left'}`, async () => {
        await there.setViewportSize({ width, height: 640 });
        await there.evaluate(
          ([size, dir]) => {
            document.documentElement.style.fontSize = size;
            document.documentElement.dir = dir;
          },
          [size, dir] as const,
        );
        expect(await widerThanTheWindow(there), 'what reaches out of the window').toEqual([]);
      });
    }
    await there.evaluate(() => {
      document.documentElement.dir = '';
    });
    // What people who read with difficulty may set without losing anything (WCAG 1.4.12).
    await there.evaluate(spaceText);
    for (const width of WIDTHS) {
      await test.step(`${width} px, text spaced`, async () => {
        await there.setViewportSize({ width, height: 640 });
        await there.screenshot({ path: `screenshots/${name}-spaced-${width}.png`, fullPage: true });
        expect(await widerThanTheWindow(there), 'what reaches out of the window').toEqual([]);
        expect(await cutOff(there), 'what does not fit where it stands').toEqual([]);
      });
    }
    await there.evaluate(() => {
      document.adoptedStyleSheets = [];
    });
    // The page is chosen to speak another language where it stands. A letter does not offer any.
    for (const language of LONGER_LANGUAGES) {
      const choice = there.getByRole('button', { name: language, includeHidden: true });
      if ((await choice.count()) === 0) continue;
      await test.step(`${language}, 320 px`, async () => {
        // Not by the mouse, which a dialogue keeps away.
        await choice.dispatchEvent('click');
        await expect(choice).toHaveAttribute('aria-pressed', 'true');
        expect(await widerThanTheWindow(there), 'what reaches out of the window').toEqual([]);
      });
    }
  });
}

/** By script: the page's policy stops a style sheet of others. */
function spaceText(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }
  `);
  document.adoptedStyleSheets = [sheet];
}

/** Whose text is larger than its box. In a field one can scroll; what is unseen is for programs. */
async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isSeen = (element: Element | null): boolean =>
      !element || (getComputedStyle(element).clipPath === 'none' && isSeen(element.parentElement));
    return [...document.body.querySelectorAll(':not(input, textarea, select, option, svg, svg *)')]
      .filter(({ clientWidth, clientHeight, scrollWidth, scrollHeight }) => {
        const isBox = clientWidth > 1 && clientHeight > 1;
        return isBox && (scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1);
      })
      .filter(isSeen)
      .map((element) => element.outerHTML.slice(0, 100));
  });
}

/** What a person would have to scroll sideways for. */
async function widerThanTheWindow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const scrolls = document.documentElement.scrollWidth > width;
    const outside = [...document.body.querySelectorAll('*')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 1 && (box.right > width + 1 || box.left < -1);
    });
    return [...(scrolls ? ['the page'] : []), ...outside.map((element) => element.outerHTML.slice(0, 100))];
  });
}
