/**
 * Light or dark, and wait until it is: colours that are still on their way from the one to the other are those of
 * neither.
 *
 * @param {import('playwright-core').Page} page
 * @param {'light' | 'dark'} colorScheme
 */
export async function dress(page, colorScheme) {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    // One to notice, one to start the transitions; those of a parent start others in its children. Others than those of
    // colours may never end (a meter follows a voice), and neither do those of what is folded away.
    await frame();
    await frame();
    const isSeen = (/** @type {Animation} */ { effect }) => effect instanceof KeyframeEffect && (effect.target?.checkVisibility() ?? false);
    for (let round = 0; round < 10; round += 1) {
      const running = document.getAnimations().filter((one) => one instanceof CSSTransition && /color|fill|stroke|shadow/.test(one.transitionProperty) && isSeen(one));
      if (running.length === 0) return;
      await Promise.race([Promise.allSettled(running.map(({ finished }) => finished)), new Promise((later) => setTimeout(later, 500))]);
      await frame();
    }
  });
}
