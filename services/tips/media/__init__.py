"""From a link of Zalo's to sealed chunks: which hosts are asked, what a file really is, and the workers that fetch."""
