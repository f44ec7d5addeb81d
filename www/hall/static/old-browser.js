// Browsers that know no modules cannot show the pages: they get one that says what to do.
location.replace('/old-browser.html');
