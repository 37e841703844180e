/** What floats above the page: menus, lists, dialogs. */
export const popupClass = 'rounded-lg bg-raised p-1 text-ink shadow-float outline-none';
