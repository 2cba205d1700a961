footfall --version
