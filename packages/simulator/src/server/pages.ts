/** Pages that look like the exchange's, with no script and nothing to load. */

const page = (title: string, body: string): string =>
  `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${title}</title>\n</head>\n<body>\n${body}\n</body>\n</html>\n`;

export const HOME_PAGE = page('NSE - National Stock Exchange of India Ltd', '<h1>A simulated exchange</h1>');

export const NOT_FOUND_PAGE = page(
  'NSE - 404',
  '<h1>Resource not found</h1>\n<p>The resource you are looking for might have been removed, had its name changed, or is temporarily unavailable.</p>',
);

export const DENIED_PAGE = page(
  'Access Denied',
  "<h1>Access Denied</h1>\n<p>You don't have permission to access this resource on this server.</p>\n<p>Reference #18.simulated</p>",
);

export const BUSY_PAGE = page('Too Many Requests', '<h1>Too Many Requests</h1>');

export const BROKEN_PAGE = page('Internal Server Error', '<h1>Internal Server Error</h1>');

/** What the site's API says to a caller without the home page's cookies. */
export const UNAUTHORISED_PAGE = page('Resource not found', '<h1>Unauthorized</h1>');
