#include "device.h"

/* uap-core's device patterns name brands and models, which footfall does not keep; its
 * 628 patterns would tell these four classes less well than the words below, which are
 * what browsers' makers document. The first that is in the string counts. */
struct sign {
    const char *word;
    enum ff_agent_word device;
};

/* clang-format off */
static const struct sign signs[] = {
    { "SmartTV", FF_WORD_OTHER },     { "SMART-TV", FF_WORD_OTHER },
    { "Smart TV", FF_WORD_OTHER },    { "SmartHub", FF_WORD_OTHER },
    { "HbbTV", FF_WORD_OTHER },       { "GoogleTV", FF_WORD_OTHER },
    { "Google TV", FF_WORD_OTHER },   { "Android TV", FF_WORD_OTHER },
    { "AppleTV", FF_WORD_OTHER },     { "Apple TV", FF_WORD_OTHER },
    { "tvOS", FF_WORD_OTHER },        { "BRAVIA", FF_WORD_OTHER },
    { "NetCast", FF_WORD_OTHER },     { "Web0S", FF_WORD_OTHER },
    { "webOS.TV", FF_WORD_OTHER },    { "NETTV/", FF_WORD_OTHER },
    { "TV Safari/", FF_WORD_OTHER },  { "CrKey/", FF_WORD_OTHER },
    { "Roku", FF_WORD_OTHER },        { "; AFT", FF_WORD_OTHER },
    { "PlayStation", FF_WORD_OTHER }, { "PLAYSTATION", FF_WORD_OTHER },
    { "Xbox", FF_WORD_OTHER },        { "Nintendo", FF_WORD_OTHER },
    { "watchOS", FF_WORD_OTHER },     { "Apple Watch", FF_WORD_OTHER },
    { "Watch OS", FF_WORD_OTHER },    { "OculusBrowser", FF_WORD_OTHER },
    { "Quest ", FF_WORD_OTHER },      { "QtCarBrowser", FF_WORD_OTHER },
    { "Tesla/", FF_WORD_OTHER },
    { "iPad", FF_WORD_TABLET },       { "iPhone", FF_WORD_MOBILE },
    { "iPod", FF_WORD_MOBILE },       { "Windows Phone", FF_WORD_MOBILE },
    { "IEMobile", FF_WORD_MOBILE },   { "Opera Mini", FF_WORD_MOBILE },
    { "Opera Mobi", FF_WORD_MOBILE }, { "Opera Tablet", FF_WORD_TABLET },
    { "PlayBook", FF_WORD_TABLET },   { "Kindle", FF_WORD_TABLET },
    { "TouchPad", FF_WORD_TABLET },
};

/* Systems, where the string's words leave it open. Android is not here: see below. */
static const struct sign systems[] = {
    { "Windows", FF_WORD_DESKTOP },   { "Mac OS X", FF_WORD_DESKTOP },
    { "Mac OS", FF_WORD_DESKTOP },    { "Linux", FF_WORD_DESKTOP },
    { "Chrome OS", FF_WORD_DESKTOP }, { "Ubuntu", FF_WORD_DESKTOP },
    { "Kubuntu", FF_WORD_DESKTOP },   { "Lubuntu", FF_WORD_DESKTOP },
    { "Debian", FF_WORD_DESKTOP },    { "Fedora", FF_WORD_DESKTOP },
    { "Red Hat", FF_WORD_DESKTOP },   { "CentOS", FF_WORD_DESKTOP },
    { "Linux Mint", FF_WORD_DESKTOP }, { "Arch Linux", FF_WORD_DESKTOP },
    { "Gentoo", FF_WORD_DESKTOP },    { "SUSE", FF_WORD_DESKTOP },
    { "openSUSE", FF_WORD_DESKTOP },  { "Slackware", FF_WORD_DESKTOP },
    { "Mandriva", FF_WORD_DESKTOP },  { "Mageia", FF_WORD_DESKTOP },
    { "PCLinuxOS", FF_WORD_DESKTOP }, { "Puppy", FF_WORD_DESKTOP },
    { "BackTrack", FF_WORD_DESKTOP }, { "FreeBSD", FF_WORD_DESKTOP },
    { "OpenBSD", FF_WORD_DESKTOP },   { "NetBSD", FF_WORD_DESKTOP },
    { "BSD", FF_WORD_DESKTOP },       { "Solaris", FF_WORD_DESKTOP },
    { "SerenityOS", FF_WORD_DESKTOP },
    { "iOS", FF_WORD_MOBILE },        { "Windows Phone", FF_WORD_MOBILE },
    { "Windows Mobile", FF_WORD_MOBILE }, { "BlackBerry OS", FF_WORD_MOBILE },
    { "KaiOS", FF_WORD_MOBILE },      { "Firefox OS", FF_WORD_MOBILE },
    { "Symbian OS", FF_WORD_MOBILE }, { "Symbian^3", FF_WORD_MOBILE },
    { "Symbian^3 Anna", FF_WORD_MOBILE }, { "Symbian^3 Belle", FF_WORD_MOBILE },
    { "Nokia Series 40", FF_WORD_MOBILE },
    { "Nokia Series 30 Plus", FF_WORD_MOBILE }, { "Bada", FF_WORD_MOBILE },
    { "Tizen", FF_WORD_MOBILE },      { "MeeGo", FF_WORD_MOBILE },
    { "Maemo", FF_WORD_MOBILE },      { "Sailfish", FF_WORD_MOBILE },
    { "BREW", FF_WORD_MOBILE },       { "Brew MP", FF_WORD_MOBILE },
    { "BlackBerry Tablet OS", FF_WORD_TABLET }, { "WeTab", FF_WORD_TABLET },
    { "Kindle", FF_WORD_TABLET },
};
/* clang-format on */

static bool holds(struct ff_span text, const char *word)
{
    return text.len && memmem(text.data, text.len, word, strlen(word)) != NULL;
}

static bool is(struct ff_span system, const char *word)
{
    return ff_span_equal(system, ff_span_of(word));
}

/* Browsers on Android phones say Mobile, those on tablets do not; apps that are no
 * browsers say it on neither, and phones are the many. */
static enum ff_agent_word android_device(struct ff_span agent)
{
    if (holds(agent, "Tablet"))
        return FF_WORD_TABLET;
    if (holds(agent, "Mobile") || !ff_span_starts(agent, FF_SPAN("Mozilla/")))
        return FF_WORD_MOBILE;
    return FF_WORD_TABLET;
}

enum ff_agent_word ff_device_of(struct ff_span agent, struct ff_span system)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (holds(agent, signs[i].word))
            return signs[i].device;
    }
    if (is(system, "Android"))
        return android_device(agent);
    /* "Tablet PC 2.0" is a word of desktop Windows. */
    const bool is_windows = is(system, "Windows");
    if (!is_windows && holds(agent, "Tablet"))
        return FF_WORD_TABLET;
    if (!is_windows && !is(system, "Mac OS X") && holds(agent, "Mobile"))
        return FF_WORD_MOBILE;
    for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
        if (is(system, systems[i].word))
            return systems[i].device;
    }
    return FF_WORD_OTHER;
}
