import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useMemo } from 'react';
import { ProblemError } from '../api/problem.js';
import { readAgain } from '../api/read-again.js';
import { antdTheme } from './antd-theme.js';
import { usePreferences, useThemeName } from './preferences.js';
import { createAppRouter } from './router.js';

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (!(error instanceof ProblemError)) return;
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
      refetchInterval: readAgain,
      retry: (count, error) =>
        count < 2 && error instanceof ProblemError && (error.status === 0 || error.status === 503),
    },
  },
});
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
