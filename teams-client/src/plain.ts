/** What a message in Teams' HTML says. A parsed document of its own runs nothing and fetches nothing. */
export function plain(html: string): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const unseen of body.querySelectorAll('script, style')) unseen.remove();
  for (const line of body.querySelectorAll('br')) line.replaceWith('\n');
  for (const block of body.querySelectorAll('p, div, li, blockquote')) block.append('\n');
  for (const picture of body.querySelectorAll('img')) picture.replaceWith(picture.alt);
  return body.textContent.replaceAll('\u00a0', ' ').replaceAll(/\n{3,}/g, '\n\n').trim();
}
