/* floor FOLDER: reads every .yaml file below a folder and lets libyaml emit its events, and nothing else.
   cc -O2 -o floor floor.c -lyaml */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

static size_t files, events;

static void emit(const char *path) {
    FILE *file = fopen(path, "rb");
    yaml_parser_t parser;
    yaml_event_t event;
    int is_last = 0;
    if (!file || !yaml_parser_initialize(&parser)) exit(1);
    yaml_parser_set_input_file(&parser, file);
    while (!is_last && yaml_parser_parse(&parser, &event)) {
        is_last = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
        events++;
    }
    yaml_parser_delete(&parser);
    fclose(file);
    files++;
}

static void walk(const char *folder) {
    DIR *open = opendir(folder);
    struct dirent *entry;
    if (!open) exit(1);
    while ((entry = readdir(open))) {
        char path[4096];
        struct stat about;
        size_t length = strlen(entry->d_name);
        if (entry->d_name[0] == '.') continue;
        if (snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= (int)sizeof path || stat(path, &about)) exit(1);
        if (S_ISDIR(about.st_mode)) walk(path);
        else if (length > 5 && !strcmp(entry->d_name + length - 5, ".yaml")) emit(path);
    }
    closedir(open);
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    walk(arguments[1]);
    printf("%zu files, %zu events\n", files, events);
    return 0;
}
