/**
 * The front ends that people use, driven as people drive them: Jupyter Notebook in a browser, the console in a terminal, and the
 * commands without either. {@link manyjvm.magics.clients.JupyterHome} keeps them away from the user's own settings,
 * {@link manyjvm.magics.clients.Chromium} is the browser. Where one is missing its tests are skipped, and say what to install.
 */
package manyjvm.magics.clients;
