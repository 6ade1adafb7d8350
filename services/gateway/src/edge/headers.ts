/** Headers of every answer. Nobody may frame us, guess types, or learn our addresses from a Referer. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
};

/** Told to browsers only behind TLS. */
export const stayWithTls = 'max-age=31536000; includeSubDomains';

/** For answers of the API: nothing in them is a page. */
export const apiPolicy = `default-src 'none'; frame-ancestors 'none'; sandbox`;

/** For the portal. Ant Design writes style elements, so styles may be inline; scripts may not. */
export const portalPolicy = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data: blob:`,
  `font-src 'self' data:`,
  `connect-src 'self'`,
  `worker-src 'self'`,
  `manifest-src 'self'`,
  `base-uri 'none'`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
].join('; ');
