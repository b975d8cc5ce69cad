import { Component, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { PageError } from './ErrorPages';
import { forgetFailedPages } from './LazyPage';

/** Shows an error page instead of a page that fails, until another page is opened. */
export function PageBoundary({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  return <Boundary at={pathname}>{children}</Boundary>;
}

interface Props {
  at: string;
  children: ReactNode;
}

class Boundary extends Component<Props, { error: unknown; hasFailed: boolean }> {
  override state = { error: null, hasFailed: false };

  static getDerivedStateFromError(error: unknown) {
    return { error, hasFailed: true };
  }

  override componentDidUpdate(before: Props) {
    if (this.state.hasFailed && before.at !== this.props.at) {
      forgetFailedPages();
      // eslint-disable-next-line react/no-did-update-set-state -- once, after another page was opened
      this.setState({ error: null, hasFailed: false });
    }
  }

  override render() {
    return this.state.hasFailed ? <PageError error={this.state.error} /> : this.props.children;
  }
}
