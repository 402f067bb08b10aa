// What Streamlit calls: it calls again on every change of data or theme, so one instance a mount.

/** The default export of a component that shows a `Shown`, which is Walk or extends it. */
const mounting = (Shown) => {
  const mounted = new WeakMap();
  return (component) => {
    const parent = component.parentElement;
    if (!mounted.has(parent)) mounted.set(parent, new Shown(parent));
    const shown = mounted.get(parent);
    shown.receive(component);
    return () => {
      shown.destroy();
      shown.root.remove();
      mounted.delete(parent);
    };
  };
};
