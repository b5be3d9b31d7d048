"""Static Web Apps on a laptop: the files of the built web page, with the headers of its site."""
