/** What people see when the portal has not been built. */
export const notBuiltPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Berth</title>
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:40rem;margin:12vh auto;padding:0 1.5rem;color:#1f2328}
code{background:#f2f4f7;padding:.15em .4em;border-radius:4px}@media(prefers-color-scheme:dark){body{background:#14171c;color:#e6e8eb}code{background:#262b33}}</style></head>
<body>
<h1>Berth</h1>
<p lang="zh-CN">门户尚未构建。接口可以使用:<a href="/api/v1/openapi.json">/api/v1/openapi.json</a>。运行 <code>npm run build</code>,再重新启动网关。</p>
<p>The portal is not built. The API works: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>. Run <code>npm run build</code>, then restart the gateway; <code>npm run up</code> does both.</p>
</body></html>
`;
