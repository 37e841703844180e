import { businessDate } from '@champion/core';
import { describe, expect, it } from 'vitest';
import { type Endpoint, endpointTable, endpointUrl } from './endpoints.ts';

const hosts = { archivesUrl: 'https://archives.example', siteUrl: 'https://site.example/' };
const date = businessDate('2024-07-03');
const urlOf = (name: string, parameters?: Record<string, string>) =>
  endpointUrl(name, { date, parameters, ...hosts }).href;

describe('the endpoint table', () => {
  it.each([
    ['bhavcopy-udiff', 'https://archives.example/content/cm/BhavCopy_NSE_CM_0_0_0_20240703_F_0000.csv.zip'],
    ['bhavcopy-legacy', 'https://archives.example/content/historical/EQUITIES/2024/JUL/cm03JUL2024bhav.csv.zip'],
    ['sec-bhavdata-full', 'https://archives.example/products/content/sec_bhavdata_full_03072024.csv'],
    ['equity-list', 'https://archives.example/content/equities/EQUITY_L.csv'],
    ['holiday-master', 'https://site.example/api/holiday-master?type=trading'],
    [
      'bulk-deals',
      'https://site.example/api/historicalOR/bulk-block-short-deals?optionType=bulk_deals&from=03-07-2024&to=03-07-2024&csv=true',
    ],
    [
      'block-deals',
      'https://site.example/api/historicalOR/bulk-block-short-deals?optionType=block_deals&from=03-07-2024&to=03-07-2024&csv=true',
    ],
  ])('%s', (name, url) => {
    expect(urlOf(name)).toBe(url);
  });

  it('encodes parameters, and says which one is missing', () => {
    const chain = { type: 'Equity', symbol: 'M&M', expiry: '26-May-2026' };
    expect(urlOf('option-chain', chain)).toBe(
      'https://site.example/api/option-chain-v3?type=Equity&symbol=M%26M&expiry=26-May-2026',
    );
    expect(urlOf('index-constituents', { index: 'NIFTY 50' })).toBe(
      'https://site.example/api/equity-stock-indices?index=NIFTY%2050',
    );
    expect(urlOf('index-list', { list: '../x' })).not.toContain('../');
    expect(() => urlOf('option-chain', { type: 'Equity', symbol: '' })).toThrowError(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining('symbol') }),
    );
  });

  it('gives a URL for every endpoint', () => {
    const all = { index: 'NIFTY 50', list: 'nifty50', symbol: 'NIFTY', type: 'Indices', expiry: '26-May-2026' };
    for (const name of Object.keys(endpointTable)) expect(() => new URL(urlOf(name, all))).not.toThrow();
  });

  it('keeps a prefix in the base URL', () => {
    const url = endpointUrl('equity-list', { date, ...hosts, archivesUrl: 'http://localhost:81/archives/' });
    expect(url.href).toBe('http://localhost:81/archives/content/equities/EQUITY_L.csv');
  });

  it('can be overridden and extended', () => {
    const moved: Endpoint = { host: 'site', path: () => '/new', accept: 'csv', cookies: false };
    const endpoints = { 'equity-list': moved, 'my-own': moved };
    expect(endpointUrl('equity-list', { date, ...hosts, endpoints }).href).toBe('https://site.example/new');
    expect(endpointUrl('my-own', { date, ...hosts, endpoints }).href).toBe('https://site.example/new');
  });

  it.each(['nothing', 'toString', '__proto__'])('has no %s', (name) => {
    expect(() => urlOf(name)).toThrowError(
      expect.objectContaining({ code: 'INVALID_INPUT', hint: expect.stringContaining('bhavcopy-udiff') }),
    );
  });

  it.each(['archives.example', 'ftp://archives.example', '', 'https://a.example/?x=1'])(
    'refuses base URL "%s"',
    (url) => {
      expect(() => endpointUrl('equity-list', { date, ...hosts, archivesUrl: url })).toThrowError(
        expect.objectContaining({ code: 'CONFIG', hint: expect.stringContaining('NSE_ARCHIVES_URL') }),
      );
    },
  );
});
