/** Bytes that HTTP clients cannot be made to send, with what they try. `authorization` is a good one. */
export function rawRequests(authorization: string): [what: string, bytes: Buffer][] {
  const good = `Host: x\r\nAuthorization: ${authorization}\r\n`
  const path = '/api/v4/leads'
  const texts: Record<string, string> = {
    nothing: '',
    'no HTTP': 'hello\r\n\r\n',
    'an unknown method': `BREW ${path} HTTP/1.1\r\n${good}\r\n`,
    'no version': `GET ${path}\r\n\r\n`,
    'another version': `GET ${path} HTTP/9.9\r\n${good}\r\n`,
    'no host': `GET ${path} HTTP/1.1\r\n\r\n`,
    'two hosts': `GET ${path} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`,
    'a blank in the path': `GET ${path}?q=a b HTTP/1.1\r\n${good}\r\n`,
    'control characters in the path': `GET ${path}?q=\u0001\u0007 HTTP/1.1\r\n${good}\r\n`,
    'bytes beyond ASCII in the path': `GET ${path}?q=\xff\xfe HTTP/1.1\r\n${good}\r\n`,
    'a path out of the tree': `GET /docs/assets/../../../../etc/hosts HTTP/1.1\r\n${good}\r\n`,
    'an encoded path out of the tree': `GET /docs/errors/%2e%2e%2f%2e%2e%2fREADME HTTP/1.1\r\n${good}\r\n`,
    'an absolute target': `GET http://evil.example${path} HTTP/1.1\r\n${good}\r\n`,
    'an asterisk': `OPTIONS * HTTP/1.1\r\n${good}\r\n`,
    'a tunnel': `CONNECT evil.example:443 HTTP/1.1\r\n${good}\r\n`,
    'a header in a header': `GET ${path} HTTP/1.1\r\n${good}X-Request-Id: a\rX-Injected: yes\r\n\r\n`,
    'a header in a request id': `GET ${path} HTTP/1.1\r\n${good}X-Request-Id: a%0d%0aX-Injected:%20yes\r\n\r\n`,
    'a folded header': `GET ${path} HTTP/1.1\r\n${good}X-Request-Id: a\r\n X-Injected: yes\r\n\r\n`,
    'a header without a name': `GET ${path} HTTP/1.1\r\n${good}: x\r\n\r\n`,
    'NUL in a header': `GET ${path} HTTP/1.1\r\n${good}X-Request-Id: a\u0000b\r\n\r\n`,
    'too many headers': `GET ${path} HTTP/1.1\r\n${good}${'X-Many: 1\r\n'.repeat(3_000)}\r\n`,
    'a header too long': `GET ${path} HTTP/1.1\r\n${good}X-Long: ${'x'.repeat(40_000)}\r\n\r\n`,
    'an address too long': `GET ${path}?q=${'x'.repeat(40_000)} HTTP/1.1\r\n${good}\r\n`,
    'two lengths': `POST /api/v4/clients HTTP/1.1\r\n${good}Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}`,
    'a length and chunks': `POST /api/v4/clients HTTP/1.1\r\n${good}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n`,
    'a negative length': `POST /api/v4/clients HTTP/1.1\r\n${good}Content-Length: -1\r\n\r\n{}`,
    'a length that lies': `POST /api/v4/clients HTTP/1.1\r\n${good}Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{}`,
    'chunks that are none': `POST /api/v4/clients HTTP/1.1\r\n${good}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n`,
    'an upgrade': `GET ${path} HTTP/1.1\r\n${good}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    'HTTP/2 at once': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    TLS: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'two requests, the second cut': `GET /health/live HTTP/1.1\r\n${good}\r\nGET /health/li`,
  }
  return Object.entries(texts).map(([what, text]) => [what, Buffer.from(text, 'latin1')])
}
