import { theme as antd, type ThemeConfig } from 'antd';
import { fonts, palettes, type ThemeName } from '../styles/tokens.js';

/** The same tokens in the words of Ant Design. */
export function antdTheme(name: ThemeName): ThemeConfig {
  const color = palettes[name];
  return {
    algorithm: name === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      colorPrimary: color.brand,
      colorLink: color.brandText,
      colorBgBase: color.surface,
      colorBgContainer: color.surface,
      colorBgElevated: color.raised,
      colorBgLayout: color.page,
      colorText: color.text,
      colorTextSecondary: color.text2,
      colorTextTertiary: color.text3,
      colorTextPlaceholder: color.text3,
      colorBorder: color.lineStrong,
      colorBorderSecondary: color.line,
      colorError: color.bad,
      colorWarning: color.warn,
      colorSuccess: color.ok,
      fontFamily: fonts.sans,
      fontFamilyCode: fonts.mono,
      fontSize: 13,
      controlHeight: 30,
      controlHeightSM: 24,
      controlHeightLG: 36,
      borderRadius: 4,
      borderRadiusLG: 6,
      motionDurationFast: '0.08s',
      motionDurationMid: '0.14s',
      motionDurationSlow: '0.18s',
      wireframe: false,
    },
    components: {
      Button: {
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        fontWeight: 500,
        defaultHoverColor: color.brandText,
        defaultHoverBorderColor: color.brandText,
        defaultActiveColor: color.brandText,
        defaultActiveBorderColor: color.brandText,
      },
      Tabs: { itemSelectedColor: color.brandText, itemHoverColor: color.brandText, inkBarColor: color.brandText },
    },
  };
}
