import { firstDeploy } from './first-deploy.js';

firstDeploy({ language: 'zh-CN', colorScheme: 'light', width: 1280 });
