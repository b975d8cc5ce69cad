import { expect, test } from 'vitest';
import { parseUserAgent } from './userAgent';

test('browsers are recognised', () => {
  const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
  expect(parseUserAgent(`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/142.0 Safari/537.36`)).toEqual({
    browser: 'Chrome',
    system: 'Windows',
  });
  expect(parseUserAgent(`Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/142.0 Safari/537.36 Edg/142.0`)).toEqual({
    browser: 'Edge',
    system: 'Windows',
  });
  expect(parseUserAgent('Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0')).toEqual({
    browser: 'Firefox',
    system: 'Linux',
  });
  expect(parseUserAgent('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1')).toEqual({
    browser: 'Safari',
    system: 'iPhone',
  });
});

test('other clients are not browsers', () => {
  expect(parseUserAgent('curl/8.14.1')).toBeNull();
  expect(parseUserAgent('python-httpx2/2.0')).toBeNull();
});
