import { type ComponentType, use } from 'react';
import { withTexts } from '@/config/translate';

type Load = () => Promise<{ default: ComponentType }>;

const loaded = new Map<Load, ReturnType<Load>>();
const failed = new Set<Load>();

/** A page whose code is loaded when it is first opened. */
export function LazyPage({ load }: { load: Load }) {
  let page = loaded.get(load);
  if (!page) {
    page = withTexts(load());
    page.catch(() => failed.add(load));
    loaded.set(load, page);
  }
  const { default: Page } = use(page);
  return <Page />;
}

/** Lets pages whose code could not be loaded try again. */
export function forgetFailedPages(): void {
  for (const load of failed) loaded.delete(load);
  failed.clear();
}
