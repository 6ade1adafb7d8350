import { type Query, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useMemo } from 'react';
import { ProblemError } from '../api/problem.js';
import { antdTheme } from './antd-theme.js';
import { usePreferences, useThemeName } from './preferences.js';
import { createAppRouter } from './router.js';

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (!(error instanceof ProblemError)) return;
      if (error.status === 0 || error.status >= 500) readAgainLater(query);
      // A session that ended, anywhere: the login page, and back here after it.
      if (error.problem.code === 'not_logged_in' && location.pathname !== '/login')
        void router.navigate({ to: '/login', search: { next: location.pathname + location.search } });
      if (error.problem.code === 'password_change_required') void router.navigate({ to: '/password' });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5000,
      refetchOnWindowFocus: false,
      retry: (count, error) =>
        count < 2 && error instanceof ProblemError && (error.status === 0 || error.status === 503),
    },
  },
});
/** What somebody looks at and could not be read comes back by itself, without a click and without a hint of the feed. */
const readAgainMs = 10_000;
/** Queries that wait: one that polls by itself, too, must not begin a row of its own with every failure. */
const waiting = new Set<string>();
function readAgainLater(query: Query<unknown, unknown, unknown>): void {
  if (waiting.has(query.queryHash)) return;
  waiting.add(query.queryHash);
  setTimeout(() => {
    waiting.delete(query.queryHash);
    if (query.isActive() && query.state.status === 'error')
      void client.refetchQueries({ queryKey: query.queryKey, exact: true }, { cancelRefetch: false });
  }, readAgainMs);
}
const router = createAppRouter(client);

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

export function App() {
  const { language } = usePreferences();
  const themeName = useThemeName();
  const theme = useMemo(() => antdTheme(themeName), [themeName]);
  return (
    <ConfigProvider theme={theme} locale={language === 'en' ? enUS : zhCN} button={{ autoInsertSpace: false }}>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ConfigProvider>
  );
}
